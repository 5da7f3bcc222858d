package dev.sallyport.control.host;

import dev.sallyport.control.ClusterView;
import dev.sallyport.control.HostCertificate;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes a membership down whenever the host's certificates or the cluster's authorities change.
/// Safe from any thread.
public final class MembershipKeeper implements HostCertificate.Keeping {
  private static final Logger LOG = LoggerFactory.getLogger(MembershipKeeper.class);

  private final HostFolder folder;
  private final ClusterView view;
  private HostMembership saved;

  /// @param saved what the folder holds now
  /// @param view of which the authorities are watched
  public MembershipKeeper(HostFolder folder, HostMembership saved, ClusterView view) {
    this.folder = folder;
    this.saved = saved;
    this.view = view;
  }

  /// Looks at the authorities from now on.
  public MembershipKeeper follow(HostCertificate certificate) {
    view.whenAuthoritiesChange(() -> {
      try {
        keep(certificate.shown());
      } catch (IOException e) {
        LOG.atError().setCause(e).log("The cluster's new authorities could not be kept");
      }
    });
    return this;
  }

  @Override
  public synchronized void keep(HostCertificate.Shown shown) throws IOException {
    var now = new HostMembership(saved.hostId(), shown, view.trust());
    if (!now.equals(saved)) {
      folder.save(now);
      saved = now;
    }
  }
}
