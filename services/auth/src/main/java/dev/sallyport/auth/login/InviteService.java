package dev.sallyport.auth.login;

import dev.sallyport.auth.audit.AuditTrail;
import dev.sallyport.auth.mfa.Enrollments;
import dev.sallyport.auth.mfa.SealedTokens.Purpose;
import dev.sallyport.auth.mfa.SignInRules;
import dev.sallyport.auth.state.CredentialState;
import dev.sallyport.auth.state.Invite;
import dev.sallyport.auth.state.Keys;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.EnrollRequest;
import dev.sallyport.control.Enrollment;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.InviteInfo;
import dev.sallyport.control.SetPasswordRequest;
import dev.sallyport.model.Secret;
import dev.sallyport.store.CommitResult;
import dev.sallyport.store.Write;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// One-time links by which users set their passwords and register a first device. A link works
/// until it is used, is replaced by a newer one, or expires; of the link only a hash is kept.
public final class InviteService {
  private static final Pattern TOKEN = Pattern.compile("[0-9a-f]{32}");

  private final CredentialState credentials;
  private final PasswordHasher hasher;
  private final Enrollments enrollments;
  private final Supplier<SignInRules> rules;
  private final AuditTrail audit;
  private final InstantSource clock;

  public InviteService(
      CredentialState credentials,
      PasswordHasher hasher,
      Enrollments enrollments,
      Supplier<SignInRules> rules,
      AuditTrail audit,
      InstantSource clock) {
    this.credentials = credentials;
    this.hasher = hasher;
    this.enrollments = enrollments;
    this.rules = rules;
    this.audit = audit;
    this.clock = clock;
  }

  /// For whom a link is and what must be done, so that its page can ask for it.
  public InviteInfo info(Secret token) {
    return info(find(token));
  }

  /// Begins to register a device behind a link.
  public Enrollment enroll(Secret token, EnrollRequest request) {
    var invite = find(token);
    return enrollments.begin(Purpose.LINK_DEVICE, subject(token), invite.user(), request.kind());
  }

  /// Uses the link up, sets the password and registers the device: all or nothing. What is refused
  /// leaves the link open.
  public InviteInfo accept(Secret token, SetPasswordRequest acceptance) {
    var invite = find(token);
    var device =
        acceptance
            .device()
            .map(answer ->
                enrollments.finish(Purpose.LINK_DEVICE, subject(token), invite.user(), answer));
    if (device.isEmpty() && rules.get().required()) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER,
          "this cluster requires a second factor: register a device with the password");
    }
    var hash = hasher.hash(acceptance.password());
    List<Write> writes = device.map(Enrollments.Registered::writes).orElse(List.of());
    var user = invite.user();
    var address = acceptance.clientAddress();
    var events = new ArrayList<>(List.of(audit.passwordChanged(user, address)));
    device.ifPresent(
        registered -> events.add(audit.deviceAdded(user, address, registered.device())));
    var redeemed = credentials.redeem(token, invite, hash, clock.instant(), writes);
    if (audit.commit(redeemed, events) instanceof CommitResult.Conflict) {
      throw notOpen();
    }
    return info(invite);
  }

  private InviteInfo info(Invite invite) {
    var now = rules.get();
    return new InviteInfo(
        invite.user(), invite.kind(), invite.expires(), now.required(), now.kinds());
  }

  private static String subject(Secret token) {
    return Keys.hash(token.reveal());
  }

  private Invite find(Secret token) {
    if (!TOKEN.matcher(token.reveal()).matches()) {
      throw notOpen();
    }
    return credentials.invite(token).orElseThrow(InviteService::notOpen);
  }

  private static ControlException notOpen() {
    return new ControlException(
        ErrorKind.NOT_FOUND,
        "this link was used already, has expired or was never valid; ask your administrator for a"
            + " new one");
  }
}
