/// The configuration file of `teleport`, read into records: what it says, after its defaults, for
/// each service that it turns on. Faults are told all together with their lines; a key that has no
/// effect here gets a warning, one that nobody knows is refused.
@NullMarked
package dev.sallyport.resources.config;

import org.jspecify.annotations.NullMarked;
