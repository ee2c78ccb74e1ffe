"""Users of the local tenant: login, sign-up, reset and the user endpoints, carried out by the deployed scripts."""
