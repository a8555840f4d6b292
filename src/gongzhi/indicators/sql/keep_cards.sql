-- Owners travel as one text each: an array of arrays would have to be square.
INSERT INTO indicators_card (
    "case", "procedure", "subject_id", "area", "category", "channel", "organisation", "stage",
    "owners", "arrivals", "due_at", "paused", "is_open", "outcome_kind", "late", "answered",
    "responded", "solved", "satisfaction", "merged", "minutes", "opened_at", "opened_on",
    "closed_on", "responded_on", "verdict_on", "last")
SELECT
    "case", "procedure", "subject_id", "area", "category", "channel", "organisation", "stage",
    string_to_array("owners", E'\n'), "arrivals", "due_at", "paused", "is_open", "outcome_kind",
    "late", "answered", "responded", "solved", "satisfaction", "merged", "minutes", "opened_at",
    "opened_on", "closed_on", "responded_on", "verdict_on", "last"
FROM unnest(
    %(case)s::bigint[], %(procedure)s::text[], %(subject_id)s::bigint[], %(area)s::text[],
    %(category)s::text[], %(channel)s::text[], %(organisation)s::bigint[], %(stage)s::text[],
    %(owners)s::text[], %(arrivals)s::int[], %(due_at)s::timestamptz[], %(paused)s::bool[],
    %(is_open)s::bool[], %(outcome_kind)s::text[], %(late)s::bool[], %(answered)s::text[],
    %(responded)s::text[], %(solved)s::text[], %(satisfaction)s::text[], %(merged)s::bool[],
    %(minutes)s::bigint[], %(opened_at)s::timestamptz[], %(opened_on)s::date[],
    %(closed_on)s::date[], %(responded_on)s::date[], %(verdict_on)s::date[], %(last)s::bigint[]
) AS given (
    "case", "procedure", "subject_id", "area", "category", "channel", "organisation", "stage",
    "owners", "arrivals", "due_at", "paused", "is_open", "outcome_kind", "late", "answered",
    "responded", "solved", "satisfaction", "merged", "minutes", "opened_at", "opened_on",
    "closed_on", "responded_on", "verdict_on", "last")
ON CONFLICT ("case") DO UPDATE SET
    "procedure" = excluded."procedure", "subject_id" = excluded."subject_id",
    "area" = excluded."area", "category" = excluded."category", "channel" = excluded."channel",
    "organisation" = excluded."organisation", "stage" = excluded."stage",
    "owners" = excluded."owners", "arrivals" = excluded."arrivals", "due_at" = excluded."due_at",
    "paused" = excluded."paused", "is_open" = excluded."is_open",
    "outcome_kind" = excluded."outcome_kind", "late" = excluded."late",
    "answered" = excluded."answered", "responded" = excluded."responded",
    "solved" = excluded."solved", "satisfaction" = excluded."satisfaction",
    "merged" = excluded."merged", "minutes" = excluded."minutes",
    "opened_at" = excluded."opened_at", "opened_on" = excluded."opened_on",
    "closed_on" = excluded."closed_on", "responded_on" = excluded."responded_on",
    "verdict_on" = excluded."verdict_on", "last" = excluded."last"
