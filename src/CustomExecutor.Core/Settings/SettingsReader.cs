using System.Text.Json;
namespace CustomExecutor.Core.Settings;
public static class SettingsReader { public static DriverSettings Read(string json, string source) => JsonSerializer.Deserialize(json, SettingsJson.Default.DriverSettings)!; }
