package dev.sallyport.auth.login;

import dev.sallyport.auth.audit.AuditTrail;
import dev.sallyport.auth.state.CredentialState;
import dev.sallyport.auth.state.Invite;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.InviteInfo;
import dev.sallyport.control.SetPasswordRequest;
import dev.sallyport.model.Secret;
import java.time.InstantSource;
import java.util.regex.Pattern;

/// One-time links by which users set their passwords. A link works until it is used, is replaced by
/// a newer one, or expires; of the link only a hash is kept.
public final class InviteService {
  private static final Pattern TOKEN = Pattern.compile("[0-9a-f]{32}");

  private final CredentialState credentials;
  private final PasswordHasher hasher;
  private final AuditTrail audit;
  private final InstantSource clock;

  public InviteService(
      CredentialState credentials, PasswordHasher hasher, AuditTrail audit, InstantSource clock) {
    this.credentials = credentials;
    this.hasher = hasher;
    this.audit = audit;
    this.clock = clock;
  }

  /// For whom a link is, so that its page can greet them.
  public InviteInfo info(Secret token) {
    var invite = find(token);
    return new InviteInfo(invite.user(), invite.kind(), invite.expires());
  }

  /// Uses the link up and sets the password. A password that is refused leaves the link open.
  public InviteInfo accept(Secret token, SetPasswordRequest acceptance) {
    var invite = find(token);
    var hash = hasher.hash(acceptance.password());
    if (!credentials.redeem(token, invite, hash, clock.instant())) {
      throw notOpen();
    }
    audit.passwordChanged(invite.user(), acceptance.clientAddress());
    return new InviteInfo(invite.user(), invite.kind(), invite.expires());
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
