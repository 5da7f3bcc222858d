package dev.sallyport.agent;

import dev.sallyport.agent.session.Recording;
import dev.sallyport.audit.journal.JournalSettings;
import dev.sallyport.control.ControlEndpoint;
import dev.sallyport.control.host.JoinProof;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseMatcher;
import dev.sallyport.pki.CaPin;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What an agent is told by its configuration.
///
/// @param dataDir its state is in the folder `agent` below
/// @param nodeName its name for people
/// @param version of the program, for the record
/// @param proxy where it parks connections, and joins
/// @param auth where it calls Auth if not through the Proxy
/// @param proof that it may join; without one it must have joined before, or be given its
///   membership
/// @param caPins by which it knows the cluster when it joins; without any, the Proxy's certificate
///   must be one that the machine trusts
/// @param databases what it serves; their names differ
/// @param matchers of databases of the cluster that it serves besides
/// @param limits how much it holds
/// @param audit how it keeps its audit records
/// @param recording what of a request is in them
public record AgentConfig(
    Path dataDir,
    String nodeName,
    String version,
    ControlEndpoint proxy,
    Optional<ControlEndpoint> auth,
    Optional<JoinProof> proof,
    Set<CaPin> caPins,
    List<Database> databases,
    List<DatabaseMatcher> matchers,
    AgentLimits limits,
    JournalSettings audit,
    Recording recording) {
  /// Checks that no two databases share a name.
  public AgentConfig {
    caPins = Set.copyOf(caPins);
    databases = List.copyOf(databases);
    matchers = List.copyOf(matchers);
    var names = new HashSet<String>();
    for (var database : databases) {
      if (!names.add(database.name())) {
        throw new IllegalArgumentException(
            "db_service.databases: \"" + database.name() + "\" stands twice");
      }
    }
  }

  AgentConfig withDatabases(List<Database> others) {
    return new AgentConfig(
        dataDir, nodeName, version, proxy, auth, proof, caPins, others, matchers, limits, audit,
        recording);
  }
}
