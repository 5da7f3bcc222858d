/// A written document as a tree of text, lists and maps that know their line and column. It owns
/// the bounds on what is read from outside (size, depth, aliases, no tags) and the way in which
/// faults are told: all of them together, each with its field and a hint.
@NullMarked
package dev.sallyport.resources.document;

import org.jspecify.annotations.NullMarked;
