/// The written form of the nouns: YAML and JSON, parsed strictly, validated, and printed again. A
/// mistake in a file is reported with the line it stands on, never guessed around. What a noun
/// means is the model's business, only its spelling is kept here.
@NullMarked
package dev.sallyport.resources;

import org.jspecify.annotations.NullMarked;
