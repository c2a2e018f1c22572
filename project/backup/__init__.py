"""Backups of the database: made, kept, restored, and proved to be restorable.

A backup is one file in the age format, encrypted for the public keys in ``BACKUP_RECIPIENTS``: the machine
that makes it cannot read it. Inside are a manifest, the dump of PostgreSQL's own program, and a checksum.
Nothing is ever written in plain, and memory stays the same however large the database is.

Neither the private key of the backup nor the keys of ``EncryptionService`` are in it: what is encrypted in
the database stays so in the backup, and needs those keys after a restore.
"""
