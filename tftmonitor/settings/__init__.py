"""The profile: settings on disk and the credential in the keyring."""
