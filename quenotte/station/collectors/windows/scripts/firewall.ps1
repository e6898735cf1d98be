$products = @()
try { $products = @(Get-CimInstance -Namespace root/SecurityCenter2 -ClassName FirewallProduct |
    Select-Object displayName, productState) } catch { }
$profiles = @(Get-NetFirewallProfile -PolicyStore ActiveStore |
    ForEach-Object { [pscustomobject]@{ Name = $_.Name; Enabled = [int]$_.Enabled } })
[pscustomobject]@{ profiles = $profiles; products = $products } | ConvertTo-Json -Compress -Depth 4
