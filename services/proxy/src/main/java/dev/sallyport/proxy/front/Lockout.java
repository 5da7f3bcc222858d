package dev.sallyport.proxy.front;

import dev.sallyport.model.Lock;
import dev.sallyport.model.LockPart;
import dev.sallyport.model.LockSubject;
import dev.sallyport.model.UserIdentity;
import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/// Whom locks keep from the Proxy's doors, and the open connections that end with a lock on an
/// agent. Connections of locked users are left to the agents, which answer each request with the
/// reason. Safe for any thread.
final class Lockout {
  private final BiFunction<LockSubject, Instant, Optional<Lock>> locks;
  private final InstantSource clock;
  private final Map<String, ChannelGroup> byAgent = new ConcurrentHashMap<>();

  Lockout(BiFunction<LockSubject, Instant, Optional<Lock>> locks, InstantSource clock) {
    this.locks = locks;
    this.clock = clock;
  }

  Optional<Lock> on(UserIdentity user) {
    return locks.apply(LockSubject.of(user), clock.instant());
  }

  Optional<Lock> onAgent(String hostId) {
    return locks.apply(LockSubject.of(LockPart.SERVER_ID, hostId), clock.instant());
  }

  /// A user's connection was joined to an agent. One that came while the agent was being locked is
  /// closed at once.
  void joined(String hostId, Channel channel) {
    // Within the map's own step, so that no group is dropped as empty while one is being added.
    byAgent.compute(
        hostId,
        (_, known) -> {
          var group =
              known == null ? new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true) : known;
          group.add(channel);
          return group;
        });
    if (onAgent(hostId).isPresent()) {
      channel.close();
    }
  }

  /// Ends what goes through locked agents.
  void enforce() {
    byAgent.forEach((hostId, channels) -> {
      if (onAgent(hostId).isPresent()) {
        channels.close();
      }
    });
    for (var hostId : byAgent.keySet()) {
      byAgent.computeIfPresent(hostId, (_, group) -> group.isEmpty() ? null : group);
    }
  }
}
