"""Jobs about rosters: large files read, rows taken in and taken back part by part."""
