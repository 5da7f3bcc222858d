package dev.sallyport.store;

import java.util.Optional;

/// One entry of the change feed.
///
/// @param item what the key holds now; empty = it was deleted or has expired
public record Change(long revision, String key, Optional<Item> item) {}
