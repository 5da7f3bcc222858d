package dev.sallyport.auth.state;

import dev.sallyport.model.Secret;
import dev.sallyport.store.CommitResult;
import dev.sallyport.store.Condition;
import dev.sallyport.store.StateStore;
import dev.sallyport.store.Write;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Passwords and invites. The values are hashes; who reads this state can guess, but not sign in.
/// Users have at most one open invite, so a newer one closes the older.
public final class CredentialState {
  private final StateStore store;

  public CredentialState(StateStore store) {
    this.store = store;
  }

  /// The kept hash of a user's password.
  public Optional<Secret> password(String user) {
    return store
        .get(Keys.password(user))
        .map(item -> StateJson.read(item.value(), Password.class))
        .map(password -> Secret.of(password.hash()));
  }

  /// The open invite with that secret.
  public Optional<Invite> invite(Secret token) {
    return store
        .get(Keys.invite(token.reveal()))
        .map(item -> StateJson.read(item.value(), Invite.class));
  }

  /// The writes that open an invite and close an older one of the same user.
  public List<Write> open(Secret token, Invite invite) {
    var writes = new ArrayList<Write>();
    var key = Keys.invite(token.reveal());
    store
        .get(Keys.inviteOf(invite.user()))
        .map(item -> StateJson.read(item.value(), InviteOf.class))
        .ifPresent(old -> writes.add(Write.delete(old.key())));
    writes.add(Write.put(key, StateJson.write(invite), Condition.absent(), invite.expires()));
    writes.add(
        Write.put(
            Keys.inviteOf(invite.user()),
            StateJson.write(new InviteOf(key)),
            Condition.always(),
            invite.expires()));
    return List.copyOf(writes);
  }

  /// The writes that forget a user's password and open invite.
  public List<Write> forget(String user) {
    var writes = new ArrayList<Write>();
    writes.add(Write.delete(Keys.password(user)));
    store
        .get(Keys.inviteOf(user))
        .map(item -> StateJson.read(item.value(), InviteOf.class))
        .ifPresent(old -> writes.add(Write.delete(old.key())));
    writes.add(Write.delete(Keys.inviteOf(user)));
    return List.copyOf(writes);
  }

  /// The write that forgets a user's password alone.
  public Write forgetPassword(String user) {
    return Write.delete(Keys.password(user));
  }

  /// Uses an invite up and sets the password, both or neither.
  ///
  /// @return false if the invite is no longer open, or the user is gone
  public boolean redeem(Secret token, Invite invite, Secret passwordHash, Instant now) {
    var result =
        store.commit(
            List.of(
                new Write.Delete(Keys.invite(token.reveal()), Condition.present()),
                new Write.Check(
                    Keys.resource(dev.sallyport.model.Kind.USER, invite.user()),
                    Condition.present()),
                Write.delete(Keys.inviteOf(invite.user())),
                Write.put(
                    Keys.password(invite.user()),
                    StateJson.write(new Password(passwordHash.reveal(), now)),
                    Condition.always())));
    return switch (result) {
      case CommitResult.Committed _ -> true;
      case CommitResult.Conflict _ -> false;
    };
  }

  /// As kept; never printed.
  private record Password(String hash, Instant changed) {
    @Override
    public String toString() {
      return "Password[redacted]";
    }
  }

  /// Where a user's open invite is kept.
  private record InviteOf(String key) {}
}
