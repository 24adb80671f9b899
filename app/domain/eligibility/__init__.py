"""May this person declare this title under this notice: scope, year, window, insurance, degree, years, policies."""
