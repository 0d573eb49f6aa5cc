"""Run inside a site by the tests: servers that die or stand still, years of use in a minute, a look for losses."""
