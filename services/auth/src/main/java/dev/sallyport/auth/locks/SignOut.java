package dev.sallyport.auth.locks;

import dev.sallyport.auth.access.Caller;
import dev.sallyport.auth.audit.AuditTrail;
import dev.sallyport.auth.state.ResourceState;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Lock;
import dev.sallyport.model.LockPart;
import dev.sallyport.model.LockTarget;
import dev.sallyport.model.Metadata;
import dev.sallyport.store.Condition;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Ends a sign-in before its time: its certificates, and all for databases that came of it, are
/// worth nothing wherever copies of them are. This is done by a lock on the sign-in, which ends
/// with the certificate.
public final class SignOut {
  /// How many sign-ins of one user may be ended and not yet over.
  public static final int OF_USER_MAX = 100;

  private final ResourceState resources;
  private final AuditTrail audit;
  private final InstantSource clock;

  public SignOut(ResourceState resources, AuditTrail audit, InstantSource clock) {
    this.resources = resources;
    this.audit = audit;
    this.clock = clock;
  }

  /// Ends the sign-in of the caller's certificate.
  public void signOut(Caller.Person caller) {
    var user = caller.user();
    var id =
        user.identity()
            .signIn()
            .orElseThrow(() ->
                new ControlException(
                    ErrorKind.BAD_PARAMETER, "this certificate does not tell its sign-in"))
            .id();
    if (endedBy(caller.name()) >= OF_USER_MAX) {
      throw new ControlException(
          ErrorKind.LIMIT_EXCEEDED,
          "%d sign-ins of this user were ended and are not over yet".formatted(OF_USER_MAX));
    }
    var lock =
        Lock.of(id, LockTarget.of(LockPart.SESSION, id))
            .withMetadata(Metadata.named(id).withExpires(Optional.of(user.notAfter())))
            .withMessage(Optional.of("signed out"))
            .createdBy(caller.name(), clock.instant());
    // One that is there already has done it.
    var _ =
        audit.commit(
            List.of(ResourceState.put(lock, Condition.absent())),
            audit.written(caller, Optional.empty(), lock));
  }

  private long endedBy(String user) {
    return resources.all(Kind.LOCK).stream()
        .filter(lock -> ((Lock) lock).createdBy().equals(Optional.of(user)))
        .filter(lock -> ((Lock) lock).target().parts().containsKey(LockPart.SESSION))
        .count();
  }
}
