package dev.sallyport.tsh.cluster;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.DatabaseAccess;
import dev.sallyport.control.DatabaseCert;
import dev.sallyport.control.DatabaseCertRequest;
import dev.sallyport.pki.TrustBundle;
import java.util.List;
import java.util.Optional;

/// The control API as one user sees it.
public interface UserCluster extends AutoCloseable {
  /// The databases that the user may see.
  ///
  /// @param query only those of which this condition holds
  List<DatabaseAccess> databases(Optional<String> query);

  /// A certificate for one database.
  DatabaseCert databaseCertificate(DatabaseCertRequest request);

  /// The authorities that sign for the cluster's hosts now.
  TrustBundle trust();

  /// Returns if the cluster takes the sign-in.
  ///
  /// @throws ControlException of kind ACCESS_DENIED, with the reason, if it does not
  void requireSignedIn();

  /// Ends the sign-in: its certificates are worth nothing any more, wherever copies of them are.
  void signOut();

  /// The user's second factors.
  UserFactors factors();

  @Override
  void close();
}
