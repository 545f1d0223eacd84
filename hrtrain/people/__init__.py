"""People, cadre groups, memberships, declared headcounts, roster import."""
