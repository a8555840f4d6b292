"""What must hold under any race: exclusion constraints and triggers, in PostgreSQL itself."""

from typing import ClassVar

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations

EXCLUSIONS = """
ALTER TABLE organisations_organisationspell
  ADD CONSTRAINT organisations_spells_apart
  EXCLUDE USING gist (organisation_id WITH =, daterange(valid_from, valid_to) WITH &&);
ALTER TABLE organisations_post
  ADD CONSTRAINT organisations_single_holder
  EXCLUDE USING gist (
    role_id WITH =, (coalesce(area, '')) WITH =, (coalesce(organisation_id, 0)) WITH =,
    daterange(valid_from, valid_to) WITH &&)
  WHERE (single AND deputy_for_id IS NULL);
ALTER TABLE organisations_post
  ADD CONSTRAINT organisations_post_not_twice
  EXCLUDE USING gist (
    account_id WITH =, role_id WITH =, (coalesce(area, '')) WITH =,
    (coalesce(organisation_id, 0)) WITH =, daterange(valid_from, valid_to) WITH &&)
  WHERE (deputy_for_id IS NULL);
ALTER TABLE organisations_post
  ADD CONSTRAINT organisations_roles_apart
  EXCLUDE USING gist (
    account_id WITH =, apart WITH <>, daterange(valid_from, valid_to) WITH &&)
  WHERE (apart IS NOT NULL);
"""

DROP_EXCLUSIONS = """
ALTER TABLE organisations_post DROP CONSTRAINT organisations_roles_apart;
ALTER TABLE organisations_post DROP CONSTRAINT organisations_post_not_twice;
ALTER TABLE organisations_post DROP CONSTRAINT organisations_single_holder;
ALTER TABLE organisations_organisationspell DROP CONSTRAINT organisations_spells_apart;
"""

TREE = """
CREATE FUNCTION organisations_check_place() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  own organisations_organisationkind%ROWTYPE;
  above record;
BEGIN
  SELECT * INTO own FROM organisations_organisationkind WHERE key = NEW.kind_id;
  IF NOT length(NEW.area) = ANY (own.levels) THEN
    RAISE EXCEPTION 'a % cannot stand at area %', NEW.kind_id, NEW.area
      USING ERRCODE = '23514', CONSTRAINT = 'organisations_kind_level';
  END IF;
  IF NEW.parent_id IS NULL THEN
    IF NOT own.may_be_root THEN
      RAISE EXCEPTION 'a % needs a parent', NEW.kind_id
        USING ERRCODE = '23514', CONSTRAINT = 'organisations_parent_kind';
    END IF;
    RETURN NEW;
  END IF;
  SELECT kind_id, area, valid_to INTO above
    FROM organisations_organisation WHERE id = NEW.parent_id FOR SHARE;
  IF NOT above.kind_id = ANY (own.parents) THEN
    RAISE EXCEPTION 'a % cannot hang under a %', NEW.kind_id, above.kind_id
      USING ERRCODE = '23514', CONSTRAINT = 'organisations_parent_kind';
  END IF;
  IF NOT starts_with(NEW.area, above.area) THEN
    RAISE EXCEPTION 'area % lies outside its parent''s area %', NEW.area, above.area
      USING ERRCODE = '23514', CONSTRAINT = 'organisations_parent_area';
  END IF;
  IF above.valid_to IS NOT NULL AND (NEW.valid_to IS NULL OR NEW.valid_to > above.valid_to) THEN
    RAISE EXCEPTION 'parent % ends on %', NEW.parent_id, above.valid_to
      USING ERRCODE = '23514', CONSTRAINT = 'organisations_parent_ended';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER organisations_place BEFORE INSERT OR UPDATE OF kind_id, parent_id, area
  ON organisations_organisation FOR EACH ROW EXECUTE FUNCTION organisations_check_place();

CREATE FUNCTION organisations_check_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.valid_to IS NOT NULL AND EXISTS (
    SELECT FROM organisations_organisation child WHERE child.parent_id = NEW.id
      AND (child.valid_to IS NULL OR child.valid_to > NEW.valid_to)) THEN
    RAISE EXCEPTION 'organisation % still has children', NEW.id
      USING ERRCODE = '23514', CONSTRAINT = 'organisations_children_left';
  END IF;
  IF NEW.valid_to IS NOT NULL AND EXISTS (
    SELECT FROM organisations_post post WHERE post.organisation_id = NEW.id
      AND (post.valid_to IS NULL OR post.valid_to > NEW.valid_to)) THEN
    RAISE EXCEPTION 'organisation % still has posts', NEW.id
      USING ERRCODE = '23514', CONSTRAINT = 'organisations_posts_left';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER organisations_end BEFORE UPDATE OF valid_to
  ON organisations_organisation FOR EACH ROW EXECUTE FUNCTION organisations_check_end();
"""

DROP_TREE = """
DROP TRIGGER organisations_end ON organisations_organisation;
DROP TRIGGER organisations_place ON organisations_organisation;
DROP FUNCTION organisations_check_end();
DROP FUNCTION organisations_check_place();
"""

POSTS = """
CREATE FUNCTION organisations_check_post() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  held organisations_role%ROWTYPE;
  place record;
  principal record;
BEGIN
  SELECT * INTO held FROM organisations_role WHERE key = NEW.role_id;
  NEW.single := held.single;
  NEW.apart := held.apart;
  IF NEW.area IS NOT NULL AND NOT length(NEW.area) = ANY (held.levels) THEN
    RAISE EXCEPTION 'role % cannot be held at area %', NEW.role_id, NEW.area
      USING ERRCODE = '23514', CONSTRAINT = 'organisations_role_place';
  END IF;
  IF NEW.organisation_id IS NOT NULL THEN
    SELECT kind_id, valid_to INTO place
      FROM organisations_organisation WHERE id = NEW.organisation_id FOR SHARE;
    IF NOT place.kind_id = ANY (held.organisation_kinds) THEN
      RAISE EXCEPTION 'role % cannot be held in a %', NEW.role_id, place.kind_id
        USING ERRCODE = '23514', CONSTRAINT = 'organisations_role_place';
    END IF;
    IF place.valid_to IS NOT NULL AND (NEW.valid_to IS NULL OR NEW.valid_to > place.valid_to) THEN
      RAISE EXCEPTION 'organisation % ends on %', NEW.organisation_id, place.valid_to
        USING ERRCODE = '23514', CONSTRAINT = 'organisations_post_outlives';
    END IF;
  END IF;
  IF NEW.deputy_for_id IS NOT NULL THEN
    SELECT * INTO principal FROM organisations_post WHERE id = NEW.deputy_for_id FOR SHARE;
    IF principal.deputy_for_id IS NOT NULL OR principal.account_id = NEW.account_id
       OR principal.role_id <> NEW.role_id OR principal.area IS DISTINCT FROM NEW.area
       OR principal.organisation_id IS DISTINCT FROM NEW.organisation_id THEN
      RAISE EXCEPTION 'post % cannot be deputised like this', NEW.deputy_for_id
        USING ERRCODE = '23514', CONSTRAINT = 'organisations_deputy_matches';
    END IF;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER organisations_post_place
  BEFORE INSERT OR UPDATE OF account_id, role_id, area, organisation_id, deputy_for_id
  ON organisations_post FOR EACH ROW EXECUTE FUNCTION organisations_check_post();
"""

DROP_POSTS = """
DROP TRIGGER organisations_post_place ON organisations_post;
DROP FUNCTION organisations_check_post();
"""


class Migration(migrations.Migration):
    """Constraints that Django's models cannot express."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("organisations", "0001_initial")]

    operations: ClassVar[list[object]] = [
        BtreeGistExtension(),
        migrations.RunSQL(EXCLUSIONS, DROP_EXCLUSIONS),
        migrations.RunSQL(TREE, DROP_TREE),
        migrations.RunSQL(POSTS, DROP_POSTS),
    ]
