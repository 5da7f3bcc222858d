import { createContext, useContext, useEffect, useState } from "react";
import type { ReactNode } from "react";
import { call } from "./api/client";
import type { ClusterView } from "./api/types";

const Cluster = createContext<ClusterView | undefined>(undefined);

/** Which cluster this is; undefined until it is known. */
export function useCluster(): ClusterView | undefined {
  return useContext(Cluster);
}

export function ClusterProvider({ children }: { children: ReactNode }) {
  const [cluster, setCluster] = useState<ClusterView>();
  useEffect(() => {
    call("GET /v1/web/cluster").then(setCluster, () => undefined);
  }, []);
  return <Cluster value={cluster}>{children}</Cluster>;
}
