"""Pure decisions on a periodontal chart: sites, paths, values, indices, the 2018 classes."""
