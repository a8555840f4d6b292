"""What every app stands on: actions, actors, errors, time, codes. No models live here."""
