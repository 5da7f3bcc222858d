/// The nouns of the product, such as users, roles, databases, labels and secrets, as values that
/// check themselves when they are made. They know only the JDK and do no input or output. Every
/// other module may speak of these, so a change here is a change of vocabulary.
@NullMarked
package dev.sallyport.model;

import org.jspecify.annotations.NullMarked;
