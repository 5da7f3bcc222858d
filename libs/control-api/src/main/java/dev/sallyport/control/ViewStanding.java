package dev.sallyport.control;

/// How far a [ClusterView] can be judged by.
public enum ViewStanding {
  /// Caught up, and confirmed within the last second.
  FRESH,
  /// It was fresh not long ago, and Auth is not heard now: who takes the risk may go on by it for
  /// [ClusterView#BEST_EFFORT_FOR].
  SILENT,
  /// Not to be judged by: never whole, catching up, silent for too long, or Auth does not give it.
  UNUSABLE
}
