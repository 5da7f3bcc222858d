package dev.sallyport.auth.state;

import dev.sallyport.model.Secret;
import dev.sallyport.store.CommitResult;
import dev.sallyport.store.Condition;
import dev.sallyport.store.StateStore;
import dev.sallyport.store.Write;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Web sessions under the hash of their secret, and for each certificate of a session, under its
/// fingerprint, which session it is of. An idle session is one that expired: each use moves its
/// expiry.
public final class WebSessionState {
  private final StateStore store;

  public WebSessionState(StateStore store) {
    this.store = store;
  }

  /// Keeps a new session.
  public void open(Secret secret, WebSession session, Instant expires) {
    store.put(
        Keys.webSession(Keys.hash(secret.reveal())),
        StateJson.write(session),
        Condition.absent(),
        expires);
  }

  /// The session with that secret.
  public Optional<WebSession> find(Secret secret) {
    return read(Keys.webSession(Keys.hash(secret.reveal())));
  }

  /// The session that a certificate is of, if both are still known.
  public Optional<WebSession> ofCertificate(String fingerprint) {
    return store
        .get(Keys.webCertificate(fingerprint))
        .map(item -> StateJson.read(item.value(), CertificateOf.class))
        .flatMap(certificate -> read(Keys.webSession(certificate.session())));
  }

  /// Notes a certificate, and that the session was used.
  ///
  /// @return false if the session was ended meanwhile
  public boolean used(
      Secret secret, WebSession session, Instant expires, String fingerprint, Instant until) {
    var hash = Keys.hash(secret.reveal());
    var result =
        store.commit(
            List.of(
                Write.put(
                    Keys.webSession(hash), StateJson.write(session), Condition.present(), expires),
                Write.put(
                    Keys.webCertificate(fingerprint),
                    StateJson.write(new CertificateOf(hash)),
                    Condition.absent(),
                    until)));
    return switch (result) {
      case CommitResult.Committed _ -> true;
      case CommitResult.Conflict _ -> false;
    };
  }

  /// Ends a session; its certificates are of nothing then.
  public void end(Secret secret) {
    store.delete(Keys.webSession(Keys.hash(secret.reveal())), Condition.always());
  }

  private Optional<WebSession> read(String key) {
    return store.get(key).map(item -> StateJson.read(item.value(), WebSession.class));
  }

  private record CertificateOf(String session) {}
}
