"""The embedded identity: an OpenID provider in Keycloak's shape, for one machine.

It issues the tokens; `studio.accounts` checks them. Nothing else of the backend knows which
provider signed in a user.
"""
