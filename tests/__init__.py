"""Tests of the whole system; the unit tests of an app lie beside it."""
