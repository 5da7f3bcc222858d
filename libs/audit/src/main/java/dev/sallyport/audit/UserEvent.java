package dev.sallyport.audit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What happens to and by users at Auth.
public sealed interface UserEvent extends AuditEvent {

  /// Who did it; for a failed sign-in, who was claimed.
  UserMetadata user();

  /// Someone signed in, or tried to.
  ///
  /// @param method `local`, or the kind of the identity provider
  /// @param success whether it worked
  /// @param remoteAddress where the client came from
  /// @param userAgent what the client called itself
  /// @param error why not, for the log
  /// @param message what the user was told
  /// @param mfaDevice what proved the second factor
  record UserLogin(
      EventHeader header,
      UserMetadata user,
      String method,
      boolean success,
      Optional<String> remoteAddress,
      Optional<String> userAgent,
      Optional<String> error,
      Optional<String> message,
      Optional<MfaDeviceMetadata> mfaDevice)
      implements UserEvent {
    private static final String LOCAL = "local";

    @Override
    public String event() {
      return "user.login";
    }

    @Override
    public String code() {
      return (method.equals(LOCAL) ? "T1000" : "T1001") + (success ? "I" : "W");
    }
  }

  /// A user was made.
  ///
  /// @param name the new user
  /// @param roles the new user's roles
  /// @param connector `local`, or the identity provider's name
  /// @param expires when the user vanishes by itself
  /// @param detail from where, and what was changed
  record UserCreate(
      EventHeader header,
      UserMetadata user,
      String name,
      List<String> roles,
      String connector,
      Optional<Instant> expires,
      ChangeDetail detail)
      implements UserEvent {

    /// Copies the roles.
    public UserCreate {
      roles = List.copyOf(roles);
    }

    @Override
    public String event() {
      return "user.create";
    }

    @Override
    public String code() {
      return "T1002I";
    }
  }

  /// A user was changed.
  ///
  /// @param name the changed user
  /// @param roles the roles from now on
  /// @param connector `local`, or the identity provider's name
  /// @param detail from where, and what was changed
  record UserUpdate(
      EventHeader header,
      UserMetadata user,
      String name,
      List<String> roles,
      String connector,
      ChangeDetail detail)
      implements UserEvent {

    /// Copies the roles.
    public UserUpdate {
      roles = List.copyOf(roles);
    }

    @Override
    public String event() {
      return "user.update";
    }

    @Override
    public String code() {
      return "T1003I";
    }
  }

  /// A user was deleted.
  ///
  /// @param name the deleted user
  /// @param detail from where, and what was changed
  record UserDelete(EventHeader header, UserMetadata user, String name, ChangeDetail detail)
      implements UserEvent {
    @Override
    public String event() {
      return "user.delete";
    }

    @Override
    public String code() {
      return "T1004I";
    }
  }

  /// A user set a password.
  ///
  /// @param remoteAddress where the client came from
  record PasswordChange(EventHeader header, UserMetadata user, Optional<String> remoteAddress)
      implements UserEvent {
    @Override
    public String event() {
      return "user.password_change";
    }

    @Override
    public String code() {
      return "T1005I";
    }
  }

  /// A user registered a device for second factors.
  ///
  /// @param remoteAddress where the client came from
  record MfaAdd(
      EventHeader header,
      UserMetadata user,
      MfaDeviceMetadata device,
      Optional<String> remoteAddress)
      implements UserEvent {
    @Override
    public String event() {
      return "mfa.add";
    }

    @Override
    public String code() {
      return "T1006I";
    }
  }

  /// A device for second factors was removed: by its user, or by an administrator's reset.
  ///
  /// @param name whose device it was
  /// @param remoteAddress where the client came from
  record MfaDelete(
      EventHeader header,
      UserMetadata user,
      String name,
      MfaDeviceMetadata device,
      Optional<String> remoteAddress)
      implements UserEvent {
    @Override
    public String event() {
      return "mfa.delete";
    }

    @Override
    public String code() {
      return "T1007I";
    }
  }

  /// Someone who is signed in was asked for a second factor.
  ///
  /// @param remoteAddress where the client came from
  record MfaChallengeCreate(EventHeader header, UserMetadata user, Optional<String> remoteAddress)
      implements UserEvent {
    @Override
    public String event() {
      return "mfa_auth_challenge.create";
    }

    @Override
    public String code() {
      return "T1015I";
    }
  }

  /// Someone who is signed in proved a second factor, or failed to: for a database session, or to
  /// change their password or devices.
  ///
  /// @param success whether it was right
  /// @param mfaDevice what proved it
  /// @param error why not
  /// @param remoteAddress where the client came from
  record MfaChallengeValidate(
      EventHeader header,
      UserMetadata user,
      boolean success,
      Optional<MfaDeviceMetadata> mfaDevice,
      Optional<String> error,
      Optional<String> remoteAddress)
      implements UserEvent {
    @Override
    public String event() {
      return "mfa_auth_challenge.validate";
    }

    @Override
    public String code() {
      return success ? "T1016I" : "T1016W";
    }
  }

  /// An invitation or a reset link was made. The link itself is a secret and not here.
  ///
  /// @param name whom it is for
  /// @param expires when it ends
  /// @param remoteAddress of the connection over which it was asked for
  record ResetPasswordTokenCreate(
      EventHeader header,
      UserMetadata user,
      String name,
      Instant expires,
      Optional<String> remoteAddress)
      implements UserEvent {
    @Override
    public String event() {
      return "reset_password_token.create";
    }

    @Override
    public String code() {
      return "T6000I";
    }
  }

  /// Someone failed to prove who they are, other than at sign-in.
  ///
  /// @param error why
  /// @param remoteAddress where the client came from
  record AuthAttempt(
      EventHeader header, UserMetadata user, String error, Optional<String> remoteAddress)
      implements UserEvent {
    @Override
    public String event() {
      return "auth";
    }

    @Override
    public String code() {
      return "T3007W";
    }
  }
}
