$system = Get-CimInstance Win32_ComputerSystem
$product = Get-CimInstance Win32_ComputerSystemProduct
$bios = Get-CimInstance Win32_BIOS
[pscustomobject]@{ uuid = $product.UUID; serial = $bios.SerialNumber; maker = $system.Manufacturer;
    model = $system.Model; memory = $system.TotalPhysicalMemory } | ConvertTo-Json -Compress
