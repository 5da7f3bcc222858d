package dev.sallyport.tctl;

import dev.sallyport.control.AccessExplained;
import dev.sallyport.control.AuditLog;
import dev.sallyport.control.ClusterStatus;
import dev.sallyport.control.CreateTokenRequest;
import dev.sallyport.control.CreateUserRequest;
import dev.sallyport.control.InviteCreated;
import dev.sallyport.control.ResetUserRequest;
import dev.sallyport.control.RotateRequest;
import dev.sallyport.control.SignUserRequest;
import dev.sallyport.control.UpdateUserRequest;
import dev.sallyport.control.UserCert;
import dev.sallyport.control.WriteMode;
import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.Kind;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Resource;
import dev.sallyport.model.User;
import dev.sallyport.pki.TrustBundle;
import java.util.List;

/// What tctl asks of the Auth Service. Every method blocks and throws [ControlException] when the
/// service refuses or cannot be reached. Not for concurrent use.
///
/// @see dev.sallyport.control.ControlException
interface AdminApi extends AutoCloseable {
  ClusterStatus status();

  List<Resource> list(Kind kind, boolean withSecrets);

  Resource get(Kind kind, String name, boolean withSecrets);

  /// Stores a resource that must be new, or, with `force`, whatever was there before.
  default Resource create(Resource resource, boolean force) {
    return create(resource, force ? WriteMode.FORCE : WriteMode.PLAIN);
  }

  Resource create(Resource resource, WriteMode mode);

  /// Replaces a resource that has not changed since it was read.
  Resource update(Resource resource, WriteMode mode);

  void delete(Kind kind, String name, WriteMode mode);

  InviteCreated addUser(CreateUserRequest request);

  User updateUser(String name, UpdateUserRequest request, WriteMode mode);

  InviteCreated resetUser(String name, ResetUserRequest request);

  ProvisionToken createToken(CreateTokenRequest request);

  /// What would come of a user's request for a database.
  AccessExplained explainAccess(String user, String database, String dbUser, boolean mfa);

  UserCert signUser(SignUserRequest request);

  /// Begins or goes on with the change of an authority's key.
  CertAuthority rotate(RotateRequest request);

  /// The audit log.
  AuditLog audit();

  /// The host authorities of the cluster, as this side knows them.
  TrustBundle trust();

  @Override
  void close();
}
