package dev.sallyport.tctl;

import dev.sallyport.control.AccessExplained;
import dev.sallyport.control.AuditLog;
import dev.sallyport.control.ClusterStatus;
import dev.sallyport.control.ControlClient;
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

/// The Auth Service over its API.
final class ControlAdminApi implements AdminApi {
  private final ControlClient client;
  private final TrustBundle trust;

  /// Takes over the client and closes it.
  ///
  /// @param trust of the cluster, as it stands beside the caller's identity
  ControlAdminApi(ControlClient client, TrustBundle trust) {
    this.trust = trust;
    this.client = client;
  }

  @Override
  public ClusterStatus status() {
    return client.status();
  }

  @Override
  public List<Resource> list(Kind kind, boolean withSecrets) {
    return client.list(kind, withSecrets);
  }

  @Override
  public Resource get(Kind kind, String name, boolean withSecrets) {
    return client.get(kind, name, withSecrets);
  }

  @Override
  public Resource create(Resource resource, WriteMode mode) {
    return client.create(resource, mode);
  }

  @Override
  public Resource update(Resource resource, WriteMode mode) {
    return client.update(resource, mode);
  }

  @Override
  public void delete(Kind kind, String name, WriteMode mode) {
    client.delete(kind, name, mode);
  }

  @Override
  public InviteCreated addUser(CreateUserRequest request) {
    return client.createUser(request);
  }

  @Override
  public User updateUser(String name, UpdateUserRequest request, WriteMode mode) {
    return client.updateUser(name, request, mode);
  }

  @Override
  public InviteCreated resetUser(String name, ResetUserRequest request) {
    return client.resetUser(name, request);
  }

  @Override
  public ProvisionToken createToken(CreateTokenRequest request) {
    return client.createToken(request);
  }

  @Override
  public AccessExplained explainAccess(String user, String database, String dbUser, boolean mfa) {
    return client.explainAccess(user, database, dbUser, mfa);
  }

  @Override
  public UserCert signUser(SignUserRequest request) {
    return client.signUser(request);
  }

  @Override
  public CertAuthority rotate(RotateRequest request) {
    return client.rotate(request);
  }

  @Override
  public AuditLog audit() {
    return client.auditLog();
  }

  @Override
  public TrustBundle trust() {
    return trust;
  }

  @Override
  public void close() {
    client.close();
  }
}
