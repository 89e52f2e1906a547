"""A plan as tables, in a workbook or a folder of CSV files: read, written, and read back equal."""
