# Servers have no security centre: Defender is asked itself, and the services that we know.
$desk = (Get-CimInstance Win32_OperatingSystem).ProductType -eq 1
$products = @(); $defender = $null; $services = @()
if ($desk) {
    $products = @(Get-CimInstance -Namespace root/SecurityCenter2 -ClassName AntiVirusProduct |
        Select-Object displayName, productState)
} else {
    if (Get-Command Get-MpComputerStatus -ErrorAction SilentlyContinue) {
        try {
            $status = Get-MpComputerStatus
            $at = $null
            if ($status.AntivirusSignatureLastUpdated) {
                $at = $status.AntivirusSignatureLastUpdated.ToUniversalTime().ToString('o') }
            $defender = [pscustomobject]@{ enabled = $status.AntivirusEnabled;
                watches = $status.RealTimeProtectionEnabled; at = $at;
                version = $status.AMProductVersion }
        } catch { }
    }
    $services = @(Get-Service -Name $WORDS -ErrorAction SilentlyContinue |
        Where-Object { $_.Status -eq 'Running' } | ForEach-Object { $_.Name })
}
[pscustomobject]@{ desk = $desk; products = $products; defender = $defender; services = $services } |
    ConvertTo-Json -Compress -Depth 4
