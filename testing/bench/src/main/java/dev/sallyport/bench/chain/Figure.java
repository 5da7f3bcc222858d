package dev.sallyport.bench.chain;

/// One number of the report that is not of a workload.
///
/// @param name what was measured
/// @param unit of the numbers
/// @param spread over the times that it was measured
record Figure(String name, String unit, Results.Spread spread) {}
