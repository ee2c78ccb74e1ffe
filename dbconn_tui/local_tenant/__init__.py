"""A stand-in tenant on this machine: the Management API for connections and clients, in memory."""
