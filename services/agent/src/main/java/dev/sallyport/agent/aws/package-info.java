/// Where the agent's AWS credentials come from and how they become a session of the user's role:
/// the default chain of the agent's own host, AssumeRole at the regional STS, and a cache with one
/// flight for each session; and what time it is at AWS. Nothing here runs on an event loop, except
/// a look into the cache.
@NullMarked
package dev.sallyport.agent.aws;

import org.jspecify.annotations.NullMarked;
