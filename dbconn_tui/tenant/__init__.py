"""The Management API over httpx: tokens, the rate budget, requests, answers (the only room with httpx)."""
