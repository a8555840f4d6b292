"""The page shell, components, public home, search and map that every app's pages live in."""
