// One OpenSearch node in this process: java -cp CLASSES:LIB/* Node FOLDER NAME HTTP TRANSPORT SEEDS MANAGERS
// The node itself, with real shards, transport and HTTP; without the launcher, the security plugin and TLS.

import java.util.concurrent.CountDownLatch;
import org.codelibs.opensearch.runner.OpenSearchRunner;

public class Node {
    public static void main(String[] arguments) throws Exception {
        String folder = arguments[0], name = arguments[1], http = arguments[2], transport = arguments[3];
        String[] seeds = arguments[4].split(","), managers = arguments[5].split(",");
        OpenSearchRunner runner = new OpenSearchRunner();
        runner.setMaxHttpPort(-1); // The ports are as they are given; none is searched for.
        runner.onBuild((number, settings) -> {
            settings.put("cluster.name", "tipsearch");
            settings.put("node.name", name);
            settings.put("network.host", "127.0.0.1");
            settings.put("http.port", http);
            settings.put("transport.port", transport);
            settings.put("discovery.type", "zen"); // The runner makes a single node a cluster of its own otherwise.
            settings.putList("discovery.seed_hosts", seeds);
            settings.putList("cluster.initial_cluster_manager_nodes", managers);
            settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
            settings.putList("path.repo", folder + "/snapshots");
            settings.put("action.auto_create_index", false);
            // A node that is killed does not answer; on one machine a second is long.
            settings.put("cluster.fault_detection.leader_check.timeout", "3s");
            settings.put("cluster.fault_detection.follower_check.timeout", "3s");
        });
        // It ends by itself on SIGTERM: whoever waits below is in the way of nothing.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                runner.close();
            } catch (Exception error) {
                System.err.println("while closing: " + error);
            }
        }));
        runner.build(OpenSearchRunner.newConfigs().basePath(folder + "/" + name).numOfNode(1));
        System.out.println("started " + name);
        new CountDownLatch(1).await();
    }
}
