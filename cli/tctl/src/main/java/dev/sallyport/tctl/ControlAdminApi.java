package dev.sallyport.tctl;

import dev.sallyport.control.ClusterStatus;
import dev.sallyport.control.ControlClient;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.CreateTokenRequest;
import dev.sallyport.control.CreateUserRequest;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.InviteCreated;
import dev.sallyport.control.ResetUserRequest;
import dev.sallyport.control.SignUserRequest;
import dev.sallyport.control.UpdateUserRequest;
import dev.sallyport.control.UserCert;
import dev.sallyport.model.Kind;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Resource;
import dev.sallyport.model.User;
import java.util.List;

/// The Auth Service over its API.
final class ControlAdminApi implements AdminApi {
  private final ControlClient client;

  /// Takes over the client and closes it.
  ControlAdminApi(ControlClient client) {
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

  /// Secrets are only given out by the listing.
  @Override
  public Resource get(Kind kind, String name, boolean withSecrets) {
    if (!withSecrets) {
      return client.get(kind, name);
    }
    return client.list(kind, true).stream()
        .filter(resource -> resource.resourceName().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new ControlException(
                ErrorKind.NOT_FOUND, kind.wireName() + " " + name + " is not found"));
  }

  @Override
  public Resource create(Resource resource, boolean force) {
    return client.create(resource, force);
  }

  @Override
  public void delete(Kind kind, String name) {
    client.delete(kind, name);
  }

  @Override
  public InviteCreated addUser(CreateUserRequest request) {
    return client.createUser(request);
  }

  @Override
  public User updateUser(String name, UpdateUserRequest request) {
    return client.updateUser(name, request);
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
  public UserCert signUser(SignUserRequest request) {
    return client.signUser(request);
  }

  @Override
  public void close() {
    client.close();
  }
}
