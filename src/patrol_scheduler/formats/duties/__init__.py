"""Reads tables of duties: assigned by hand, written before, or recorded after they took place."""
