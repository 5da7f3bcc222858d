package dev.sallyport.auth.locks;

import dev.sallyport.auth.users.TokenMask;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.Lock;
import dev.sallyport.model.LockPart;
import java.time.Instant;

/// What holds for every lock.
public final class Locks {
  private Locks() {}

  /// The lock as it is stored.
  ///
  /// @throws ControlException of kind BAD_PARAMETER if it would be over before it began
  public static Lock check(Lock lock, String caller, Instant now) {
    if (!lock.inForce(now)) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER,
          "expires: %s is in the past".formatted(lock.metadata().expires().orElseThrow()));
    }
    return lock.createdBy(caller, now);
  }

  /// The lock without the name of a join token, which is a secret.
  public static Lock masked(Lock lock) {
    var token = lock.target().parts().get(LockPart.JOIN_TOKEN);
    return token == null
        ? lock
        : lock.withTarget(lock.target().with(LockPart.JOIN_TOKEN, TokenMask.mask(token)));
  }
}
