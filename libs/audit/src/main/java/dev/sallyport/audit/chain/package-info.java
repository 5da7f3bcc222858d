/// How records of one agent hang together: each is hashed over the one before it, and the agent
/// signs the hash now and then. Pure; the same code makes the chain on the agent, checks it as it
/// arrives at Auth and checks an export on a machine that knows neither.
@NullMarked
package dev.sallyport.audit.chain;

import org.jspecify.annotations.NullMarked;
