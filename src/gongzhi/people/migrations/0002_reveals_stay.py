"""The record of who looked at personal data can be neither changed nor deleted."""

from typing import ClassVar

from django.db import migrations

FORWARD = """
CREATE FUNCTION people_reveal_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a reveal is kept as it was' USING ERRCODE = '23514';
END $$;
CREATE TRIGGER people_reveal_stays BEFORE UPDATE OR DELETE ON people_reveal
  FOR EACH ROW EXECUTE FUNCTION people_reveal_stays();
"""

BACKWARD = """
DROP TRIGGER people_reveal_stays ON people_reveal;
DROP FUNCTION people_reveal_stays();
"""


class Migration(migrations.Migration):
    """Make reveals append-only."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("people", "0001_initial")]

    operations: ClassVar[list[object]] = [migrations.RunSQL(FORWARD, BACKWARD)]
