"""The process dies at any statement, at any commit, at any moment: nothing is lost and nothing is done twice."""
