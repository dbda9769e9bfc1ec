using System.Net.WebSockets;
using System.Text;
using CustomExecutor.Core.Builder;

namespace CustomExecutor.EndToEnd;

/// <summary>Commands in a builder's container.</summary>
internal static class BuilderCommand
{
    /// <summary>What a command in the builder prints, by the driver's own connection.</summary>
    public static async Task<string> Output(string builder, string command)
    {
        var path =
            $"api/v1/namespaces/{Node.Settings.Kubernetes.Namespace}/pods/{builder}/exec?container={PodManifest.Container}&command={command}&stdout=true";
        using var socket = await Node.Client.OpenWebSocket(
            path,
            "v4.channel.k8s.io",
            TestContext.Current.CancellationToken
        );
        var (output, buffer) = (new StringBuilder(), new byte[32 * 1024]);
        var (channel, begins) = ((byte)0, true);
        while (
            await socket.ReceiveAsync(buffer.AsMemory(), TestContext.Current.CancellationToken)
                is { MessageType: not WebSocketMessageType.Close } received
        )
        {
            // Each message begins with the number of its channel: 1 is stdout.
            if (begins)
                channel = buffer[0];
            if (channel == 1)
            {
                output.Append(
                    Encoding.UTF8.GetString(buffer.AsSpan(begins ? 1 : 0, received.Count - (begins ? 1 : 0)))
                );
            }

            begins = received.EndOfMessage;
        }

        return output.ToString();
    }
}
