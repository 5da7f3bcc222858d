package dev.sallyport.audit;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What changes in the cluster itself.
public sealed interface ClusterEvent extends AuditEvent {

  /// Who did it.
  UserMetadata user();

  /// What was done to a resource.
  enum Change {
    /// It was made.
    CREATED,
    /// It was changed.
    UPDATED,
    /// It was deleted.
    DELETED
  }

  /// A role was made, changed or deleted.
  ///
  /// @param change what was done; told by name and code
  /// @param name the role
  /// @param detail from where, and what was changed
  record RoleChange(
      EventHeader header, UserMetadata user, Change change, String name, ChangeDetail detail)
      implements ClusterEvent {
    @Override
    public String event() {
      return switch (change) {
        case CREATED -> "role.created";
        case UPDATED -> "role.updated";
        case DELETED -> "role.deleted";
      };
    }

    @Override
    public String code() {
      return switch (change) {
        case CREATED -> "T9000I";
        case DELETED -> "T9001I";
        case UPDATED -> "T9002I";
      };
    }
  }

  /// A database resource was made, changed or deleted.
  ///
  /// @param change what was done; told by name and code
  /// @param name the database
  /// @param expires when it vanishes by itself
  /// @param updatedBy who did it, once more: some look for it under this name
  /// @param dbProtocol `dynamodb`
  /// @param dbUri the endpoint that it names, if any
  /// @param dbLabels its labels
  /// @param dbAwsRegion the AWS region, if it names one
  /// @param dbOrigin where it comes from, such as `dynamic`
  /// @param detail from where, and what was changed
  record DatabaseChange(
      EventHeader header,
      UserMetadata user,
      Change change,
      String name,
      Optional<Instant> expires,
      Optional<String> updatedBy,
      Optional<String> dbProtocol,
      Optional<String> dbUri,
      Map<String, String> dbLabels,
      Optional<String> dbAwsRegion,
      Optional<String> dbOrigin,
      ChangeDetail detail)
      implements ClusterEvent {

    /// Copies the labels.
    public DatabaseChange {
      dbLabels = Map.copyOf(dbLabels);
    }

    @Override
    public String event() {
      return switch (change) {
        case CREATED -> "db.create";
        case UPDATED -> "db.update";
        case DELETED -> "db.delete";
      };
    }

    @Override
    public String code() {
      return switch (change) {
        case CREATED -> "TDB03I";
        case UPDATED -> "TDB04I";
        case DELETED -> "TDB05I";
      };
    }
  }

  /// A connector to a sign-in service was made, changed or deleted.
  ///
  /// @param change what was done; told by name and code
  /// @param connectorType `github`, `saml` or `oidc`; told by name and code too
  /// @param name the connector
  /// @param detail from where, and what was changed
  record ConnectorChange(
      EventHeader header,
      UserMetadata user,
      Change change,
      String connectorType,
      String name,
      ChangeDetail detail)
      implements ClusterEvent {

    /// Checks the type.
    public ConnectorChange {
      if (!List.of("github", "oidc", "saml").contains(connectorType)) {
        throw new IllegalArgumentException("connector type: " + connectorType);
      }
    }

    @Override
    public String event() {
      return switch (change) {
        case CREATED -> connectorType + ".created";
        case UPDATED -> connectorType + ".updated";
        case DELETED -> connectorType + ".deleted";
      };
    }

    @Override
    public String code() {
      var family =
          switch (connectorType) {
            case "oidc" -> "T810";
            case "saml" -> "T820";
            default -> "T800";
          };
      return switch (change) {
        case CREATED -> family + "0I";
        case DELETED -> family + "1I";
        case UPDATED -> family + "2I";
      };
    }
  }

  /// How people sign in was changed.
  ///
  /// @param detail from where, and what was changed
  record AuthPreferenceUpdate(EventHeader header, UserMetadata user, ChangeDetail detail)
      implements ClusterEvent {
    @Override
    public String event() {
      return "auth_preference.update";
    }

    @Override
    public String code() {
      return "TCAUTH001I";
    }
  }

  /// A join token was made. Its value is a secret and not here.
  ///
  /// @param roles the system roles it gives
  /// @param joinMethod `token`, or another way of proof
  /// @param expires when it ends
  /// @param detail from where, and what was changed
  record JoinTokenCreate(
      EventHeader header,
      UserMetadata user,
      List<String> roles,
      String joinMethod,
      Optional<Instant> expires,
      ChangeDetail detail)
      implements ClusterEvent {

    /// Copies the roles.
    public JoinTokenCreate {
      roles = List.copyOf(roles);
    }

    @Override
    public String event() {
      return "join_token.create";
    }

    @Override
    public String code() {
      return "TJT00I";
    }
  }

  /// A join token was deleted before its end. Its value is a secret and not here.
  ///
  /// @param roles the system roles it gave
  /// @param detail from where, and what was changed
  record JoinTokenDelete(
      EventHeader header, UserMetadata user, List<String> roles, ChangeDetail detail)
      implements ClusterEvent {

    /// Copies the roles.
    public JoinTokenDelete {
      roles = List.copyOf(roles);
    }

    @Override
    public String event() {
      return "join_token.delete";
    }

    @Override
    public String code() {
      return "TJT01I";
    }
  }

  /// A host joined the cluster, or tried to.
  ///
  /// @param hostId the host's id; empty when it got none
  /// @param nodeName what the host calls itself
  /// @param role the system role it asked for
  /// @param method how it proved that it may
  /// @param tokenName the token that it showed, masked; absent when it is nobody's
  /// @param tokenExpires when that token ends
  /// @param success whether it worked
  /// @param remoteAddress where it came from
  /// @param error why not
  /// @param attributes what AWS said of it, with join methods `iam` and `ec2`
  record InstanceJoin(
      EventHeader header,
      UserMetadata user,
      String hostId,
      String nodeName,
      String role,
      String method,
      Optional<String> tokenName,
      Optional<Instant> tokenExpires,
      boolean success,
      Optional<String> remoteAddress,
      Optional<String> error,
      Map<String, String> attributes)
      implements ClusterEvent {
    /// Copies the map.
    public InstanceJoin {
      attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
    }

    @Override
    public String event() {
      return "instance.join";
    }

    @Override
    public String code() {
      return success ? "TJ002I" : "TJ002E";
    }
  }

  /// A certificate was issued.
  ///
  /// @param certType `user`, `database` or `host`
  /// @param fingerprint SHA-256 of the certificate
  /// @param expires when it ends
  /// @param database the database it is for, if any
  /// @param sid the database session it is for, else the sign-in that it is
  record CertificateCreate(
      EventHeader header,
      UserMetadata user,
      String certType,
      String fingerprint,
      Instant expires,
      Optional<String> database,
      Optional<String> sid)
      implements ClusterEvent {
    @Override
    public String event() {
      return "cert.create";
    }

    @Override
    public String code() {
      return "TC000I";
    }
  }

  /// The change of an authority's key went a step on.
  ///
  /// @param caType `host` or `user`
  /// @param phase the phase that it is in now
  /// @param mode `manual` or `auto`; absent at the end
  /// @param rotationId which rotation; absent at the end
  /// @param detail from where
  record AuthorityRotation(
      EventHeader header,
      UserMetadata user,
      String caType,
      String phase,
      Optional<String> mode,
      Optional<String> rotationId,
      ChangeDetail detail)
      implements ClusterEvent {
    @Override
    public String event() {
      return "cert_authority.rotate";
    }

    @Override
    public String code() {
      return "TCA00I";
    }
  }

  /// Somebody asked for resources with their secrets: private keys, names of join tokens.
  ///
  /// @param kind the kind of the resources
  /// @param remoteAddress of the connection over which it was asked for
  record SecretsRead(
      EventHeader header, UserMetadata user, String kind, Optional<String> remoteAddress)
      implements ClusterEvent {
    @Override
    public String event() {
      return "secrets.read";
    }

    @Override
    public String code() {
      return "TSR00I";
    }
  }

  /// A lock was put on someone or something, or taken away.
  ///
  /// @param change created or deleted; told by name and code
  /// @param name the lock
  /// @param target whom it hits: who has all of this; no secrets
  /// @param message what they are told
  /// @param expires when it ends by itself
  /// @param detail from where
  record LockChange(
      EventHeader header,
      UserMetadata user,
      Change change,
      String name,
      Map<String, String> target,
      Optional<String> message,
      Optional<Instant> expires,
      ChangeDetail detail)
      implements ClusterEvent {

    /// A lock is not changed in place.
    public LockChange {
      target = Collections.unmodifiableMap(new TreeMap<>(target));
      if (change == Change.UPDATED) {
        throw new IllegalArgumentException("lock: UPDATED (expected: CREATED or DELETED)");
      }
    }

    @Override
    public String event() {
      return change == Change.CREATED ? "lock.created" : "lock.deleted";
    }

    @Override
    public String code() {
      return change == Change.CREATED ? "TLK00I" : "TLK01I";
    }
  }

  /// What became of records on their way into, or out of, the audit store.
  enum StoreState {
    /// Old records were dropped, as retention says.
    DROPPED,
    /// An agent delivered what does not follow on from what it delivered before: some is missing.
    GAP,
    /// Records that Auth had noted were not there at its start: cut off, or an old copy put back.
    ROLLED_BACK,
    /// An agent delivered what contradicts what it delivered before, and was refused.
    CONTRADICTED,
    /// The store was full, and records were dropped before an export had them.
    UNEXPORTED,
    /// An agent delivered records that are no events which it may report: they keep their places in
    /// the chain, and no search finds them.
    SET_ASIDE
  }

  /// Something about the audit store itself that whoever relies on it must know.
  ///
  /// @param state what happened
  /// @param chain the chain of records: the agent and the epoch; empty where it is about all
  /// @param first the first sequence number that it concerns; 0 where it is about all
  /// @param last the last one
  /// @param reason why
  record AuditStoreNotice(
      EventHeader header,
      UserMetadata user,
      StoreState state,
      String chain,
      long first,
      long last,
      String reason)
      implements ClusterEvent {
    @Override
    public String event() {
      return "audit.store";
    }

    @Override
    public String code() {
      return switch (state) {
        case DROPPED -> "TAS00I";
        case GAP -> "TAS00W";
        case ROLLED_BACK -> "TAS01E";
        case CONTRADICTED -> "TAS00E";
        case UNEXPORTED -> "TAS01W";
        case SET_ASIDE -> "TAS02W";
      };
    }
  }
}
