using System.Text;

namespace Teal.Benchmarks.Load.Servers;

/// <summary>
/// Debian's nginx with the nchan module: a POST publishes what a websocket gets. It checks nothing, and keeps messages in memory.
/// </summary>
/// <param name="keepMinutes">How long it keeps a message.</param>
internal sealed class NchanServer(int keepMinutes = 2) : LoadServer
{
    /// <summary>What the tables call it.</summary>
    public const string ServerName = "nginx and nchan";

    private const string Module = "/usr/lib/nginx/modules/ngx_nchan_module.so";

    public override string Name => ServerName;

    // Nothing is compiled while it runs.
    public override int FirstWarmUps => 1;

    public override async Task StartAsync(LoadOptions options)
    {
        var configuration = Path.Combine(Folder, "nginx.conf");
        await File.WriteAllTextAsync(configuration,
            $$"""
            load_module {{Module}};
            daemon off;
            worker_processes 1;
            worker_rlimit_nofile 20000;
            pid {{Folder}}/pid;
            error_log stderr error;
            {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            events { worker_connections 19000; }
            http {
              access_log off;
              keepalive_requests 1000000000;
              client_body_temp_path {{Folder}}/body;
              proxy_temp_path {{Folder}}/proxy;
              fastcgi_temp_path {{Folder}}/fastcgi;
              uwsgi_temp_path {{Folder}}/uwsgi;
              scgi_temp_path {{Folder}}/scgi;
              nchan_shared_memory_size 2048M;
              server {
                listen 127.0.0.1:{{HttpPort}};
                location = /callback { nchan_publisher http; nchan_channel_id $arg_state; nchan_message_buffer_length 10000; nchan_message_timeout {{keepMinutes}}m; }
                location = /websocket {
                  nchan_subscriber websocket; nchan_channel_id $arg_id; nchan_websocket_ping_interval 20s;
                  nchan_subscriber_first_message newest; nchan_subscriber_timeout 0;
                }
                location = /replay { nchan_subscriber websocket; nchan_channel_id $arg_id; nchan_subscriber_first_message oldest; }
              }
            }
            """);
        var process = Run(options.ServerProcessor, ["/usr/sbin/nginx", "-e", "stderr", "-c", configuration]);
        await process.WaitForPortAsync(HttpPort);
    }

    public override string Handshake(string topic) => Upgrade($"/websocket?id={topic}");

    public override string ReplayHandshake(string topic, int events) => Upgrade($"/replay?id={topic}");

    public override string Request(string topic)
    {
        var body =
            $$"""{"type":"callback","timestamp":"2025-01-02T03:04:05.678901","url":"http://localhost:8080/callback?{{Query(topic)}}","state":"{{topic}}"}""";
        return Http(
            $"POST /callback?state={topic}", $"Content-Type: application/json\r\nContent-Length: {Encoding.ASCII.GetByteCount(body)}\r\n",
            body);
    }
}
