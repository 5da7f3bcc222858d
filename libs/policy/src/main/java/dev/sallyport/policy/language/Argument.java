package dev.sallyport.policy.language;

/// What a function is called with.
///
/// @param at where it begins
record Argument<S>(Term<S> term, int at) {}
