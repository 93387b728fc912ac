"""Default actions and custom actions over HTTP."""
