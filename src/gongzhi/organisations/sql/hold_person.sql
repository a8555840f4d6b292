-- Hold a person while posts are given: requests that arrive together are judged one after another,
-- where the exclusion constraint alone would let them wait for each other.
SELECT id FROM people_account WHERE id = %(account)s FOR NO KEY UPDATE
