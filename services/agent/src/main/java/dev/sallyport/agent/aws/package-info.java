/// How the agent's AWS credentials become a session of the user's role: AssumeRole at the regional
/// STS, and a cache with one flight for each session; and what time it is at AWS. Nothing here runs
/// on an event loop, except a look into the cache.
@NullMarked
package dev.sallyport.agent.aws;

import org.jspecify.annotations.NullMarked;
