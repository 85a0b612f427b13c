"""The database under the profile: the alarm journal and recorded samples."""
